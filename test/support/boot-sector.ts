/** A disk that a PC boots from, and that says so on its first serial port; by hand, so that no system has to be brought. */

/** What it prints when it has booted. */
export const BOOTED = "booted from the first disk";
/** What it then reads from the second sector of the second disk, and prints. */
export const SECOND_DISK = "read from the second disk";

const SECTOR = 512;

/** 16-bit code, for address 0x7c00: prints the text behind it, reads a sector of the second disk by the BIOS, prints that, halts. */
const CODE = [
  [0x31, 0xc0], // xor ax, ax
  [0x8e, 0xd8], // mov ds, ax
  [0x8e, 0xc0], // mov es, ax
  [0xbe, 0x31, 0x7c], // mov si, text
  [0xe8, 0x19, 0x00], // call print
  [0xb8, 0x01, 0x02], // mov ax, 0x0201: read one sector
  [0xbb, 0x00, 0x7e], // mov bx, 0x7e00: to there
  [0xb9, 0x02, 0x00], // mov cx, 2: the second one
  [0xba, 0x81, 0x00], // mov dx, 0x81: of the second disk
  [0xcd, 0x13], // int 0x13
  [0x72, 0x06], // jc halt
  [0xbe, 0x00, 0x7e], // mov si, 0x7e00
  [0xe8, 0x03, 0x00], // call print
  [0xf4], // halt: hlt
  [0xeb, 0xfd], // jmp halt
  [0xac], // print: lodsb
  [0x84, 0xc0], // test al, al
  [0x74, 0x06], // jz done
  [0xba, 0xf8, 0x03], // mov dx, 0x3f8: COM1
  [0xee], // out dx, al
  [0xeb, 0xf5], // jmp print
  [0xc3], // done: ret
].flat();

/** One partition, of all but the first sector: bootable, Linux's type. Glance of 2026.2 refuses a boot sector that has none. */
const PARTITION = { at: 446, head: [0x80, 0, 2, 0, 0x83, 0, 2, 0], first: 1 } as const;

/** An image of 1 MiB: the boot sector, and a text in the next one. */
export const bootableImage = (): Buffer => {
  const image = Buffer.alloc(1024 * 1024);
  Buffer.from(CODE).copy(image);
  image.write(`${BOOTED}\r\n\0`, CODE.length);
  const { at, head, first } = PARTITION;
  Buffer.from(head).copy(image, at);
  image.writeUInt32LE(first, at + head.length);
  image.writeUInt32LE(image.length / SECTOR - first, at + head.length + 4);
  image.writeUInt16LE(0xaa55, 510);
  image.write(`${SECOND_DISK}\r\n\0`, SECTOR);
  return image;
};
