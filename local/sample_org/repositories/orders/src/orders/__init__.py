"""Takes orders: checks them, prices them, keeps them and writes their receipts."""
