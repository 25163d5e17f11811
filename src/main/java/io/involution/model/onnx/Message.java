package io.involution.model.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of Protocol Buffers. The same calls give the same bytes. Long arrays
 * and the messages in a message are kept as they are until the end, so that weights are not copied.
 */
final class Message {
  private static final int VARINT = 0;
  private static final int DELIMITED = 2;
  private static final int FIXED = 5;
  private static final int LONG_ARRAY = 1 << 10;

  private final List<byte[]> parts = new ArrayList<>();
  private ByteArrayOutputStream end = new ByteArrayOutputStream();
  private long before;

  /** Adds an integer. */
  Message number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** Adds a float. */
  Message real(int field, float value) {
    tag(field, FIXED);
    byte[] bytes = new byte[Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
    end.writeBytes(bytes);
    return this;
  }

  /** Adds a string. */
  Message text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes, which must not change afterwards. */
  Message bytes(int field, byte[] value) {
    tag(field, DELIMITED);
    varint(value.length);
    if (value.length < LONG_ARRAY) {
      end.writeBytes(value);
    } else {
      closePart();
      keep(value);
    }
    return this;
  }

  /** Adds a message, which must not change afterwards. */
  Message message(int field, Message value) {
    tag(field, DELIMITED);
    varint(value.length());
    append(value);
    return this;
  }

  /** Adds the fields of another message, which must not change afterwards. */
  Message append(Message fields) {
    if (fields.parts.isEmpty()) {
      end.writeBytes(fields.end.toByteArray());
    } else {
      closePart();
      fields.closePart();
      fields.parts.forEach(this::keep);
    }
    return this;
  }

  /** Number of bytes. */
  long length() {
    return before + end.size();
  }

  /**
   * All bytes.
   *
   * @throws ArithmeticException if an array cannot hold them
   */
  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length()));
    parts.forEach(bytes::put);
    return bytes.put(end.toByteArray()).array();
  }

  private void closePart() {
    if (end.size() > 0) {
      byte[] part = end.toByteArray();
      end = new ByteArrayOutputStream();
      keep(part);
    }
  }

  private void keep(byte[] part) {
    parts.add(part);
    before += part.length;
  }

  private void tag(int field, int type) {
    varint((long) field << 3 | type);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      end.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    end.write((int) rest);
  }
}
