# By the purpose's name.
terraform import veil_purpose.fraud fraud
