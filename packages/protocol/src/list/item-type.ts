/** Type bytes of $LIST items, as the official Node addon and caretdev/go-irisnative (listitem.go) write and read them. */
export const ITEM_TYPE = {
  NULL: 0x00,
  STRING: 0x01,
  WIDE_STRING: 0x02,
  POSITIVE_INTEGER: 0x04,
  NEGATIVE_INTEGER: 0x05,
  POSITIVE_DECIMAL: 0x06,
  NEGATIVE_DECIMAL: 0x07,
  DOUBLE: 0x08,
  COMPACT_DOUBLE: 0x09,
  OREF: 0x19,
} as const;

/** OR-ed into the type byte of an argument that is passed by reference. */
export const BY_REFERENCE = 0x20;

/** What the reader reports for an item without a type byte (`01`). */
export const UNDEFINED_ITEM = -1;
