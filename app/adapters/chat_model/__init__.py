"""A chat model of Bedrock, and a scripted one."""
