"""What a document says of itself: title, number, issuer, region, date, kind."""
