"""The Lambda API on loopback: boto3, the AWS CLI and AWS's own SDK work with an endpoint URL."""
