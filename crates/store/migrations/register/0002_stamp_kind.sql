-- What the stamps of an order bear: qr, datamatrix, case (GS1-128), till (EAN). Orders from before bear QR.
ALTER TABLE stamp_order ADD COLUMN kind TEXT NOT NULL DEFAULT 'qr';
