"""Today's code over what an execution has recorded, without running any step: would it go on as it began?"""
