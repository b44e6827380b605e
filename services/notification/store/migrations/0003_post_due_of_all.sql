-- Nothing looks for what is due in all towns at once any more.
drop index delivery_due;
