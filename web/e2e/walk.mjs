// Who and what the walk is about; all of it is invented ("minh hoạ").

export const HOUSEHOLD = 'Hộ Lò Văn Thử (minh hoạ)';
export const PRODUCT = 'Gạo nếp tan Thanh An (minh hoạ)';
export const LOGIN = 'ho-thu@minhhoa.example';
export const PASSWORD = 'ruong bac thang mua nuoc do';
/** Stamps of the one order. */
export const STAMPS = 12;
