// What the scripts say, in the page's language. Everything else is said by the server.

const vi = {
  areYouSure: 'Anh/chị có chắc không?',
  copied: 'Đã sao chép',
  copyFailed: 'Không sao chép được. Hãy chọn và chép bằng tay.',
  draftFrom: (when) => `Trên máy này có bản nháp lưu lúc ${when}.`,
  draftUse: 'Dùng bản nháp',
  draftDrop: 'Bỏ bản nháp',
  located: (metres) => `Đã điền vị trí, sai số khoảng ${metres} m.`,
  locating: 'Đang tìm vị trí…',
  locateFailed: 'Không lấy được vị trí. Có thể điền tay hoặc để trống.',
  photoBusy: 'Đang thu nhỏ ảnh…',
  photoReady: (count, kilobytes) => `${count} ảnh, ${kilobytes} KB. Đã bỏ vị trí và thông tin máy.`,
  photoUnread: 'Có tệp không đọc được như ảnh; hệ thống sẽ kiểm tra khi gửi.',
  rows: (shown, all) => `Hiện ${shown} trong ${all} dòng`,
  scanDenied: 'Không mở được máy ảnh. Hãy cho phép, hoặc gõ mã vào ô bên dưới.',
  scanning: 'Đưa mã QR vào giữa khung.',
  suggestions: (count) => (count ? `${count} gợi ý` : 'Không có gợi ý nào'),
};

const en = {
  areYouSure: 'Are you sure?',
  copied: 'Copied',
  copyFailed: 'Could not copy. Please select and copy by hand.',
  draftFrom: (when) => `There is an unsent draft from ${when} on this device.`,
  draftUse: 'Use the draft',
  draftDrop: 'Drop the draft',
  located: (metres) => `Position filled in, accurate to about ${metres} m.`,
  locating: 'Finding the position…',
  locateFailed: 'No position found. Fill it in by hand or leave it empty.',
  photoBusy: 'Making the photo smaller…',
  photoReady: (count, kilobytes) => `${count} photo(s), ${kilobytes} KB. Position and device data were removed.`,
  photoUnread: 'A file is not a readable photo; it will be checked when sent.',
  rows: (shown, all) => `${shown} of ${all} rows shown`,
  scanDenied: 'The camera could not be opened. Allow it, or type the code in the box below.',
  scanning: 'Hold the QR code in the middle of the frame.',
  suggestions: (count) => (count ? `${count} suggestions` : 'No suggestions'),
};

export const words = document.documentElement.lang.startsWith('en') ? en : vi;

/** A polite voice for screen readers beside `element`, shown too unless `hidden`. */
export function voice(element, hidden) {
  const said = document.createElement('p');
  said.className = hidden ? 'hush' : 'help';
  said.setAttribute('role', 'status');
  element.after(said);
  return said;
}
