from django.db import migrations

from orders.messages import KINDS
from orders import texts


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("notifications", "0001_initial")]
    operations = [texts.installed(KINDS)]
