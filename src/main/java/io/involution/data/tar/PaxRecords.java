package io.involution.data.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The extended header of a tar's member: lines of {@code LENGTH KEY=VALUE}. Only name and size are
 * of interest; no other value is looked into.
 */
final class PaxRecords {
  private static final int MOST_DIGITS = 18;

  private final Map<String, String> values;

  private PaxRecords(Map<String, String> values) {
    this.values = values;
  }

  /** Those of a member that has none. */
  static PaxRecords none() {
    return new PaxRecords(Map.of());
  }

  /**
   * Reads them.
   *
   * @throws IOException when they are not of that form
   */
  static PaxRecords read(byte[] bytes) throws IOException {
    Map<String, String> values = new HashMap<>();
    int from = 0;
    while (from < bytes.length && bytes[from] != 0) {
      int blank = indexOf(bytes, from, ' ');
      String digits = new String(bytes, from, blank - from, StandardCharsets.US_ASCII);
      int end = from + (digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0);
      if (end <= blank + 1 || end > bytes.length || bytes[end - 1] != '\n') {
        throw malformed();
      }
      int equals = indexOf(bytes, blank, '=');
      if (equals >= end) {
        throw malformed();
      }
      String key = new String(bytes, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
      values.put(key, new String(bytes, equals + 1, end - equals - 2, StandardCharsets.UTF_8));
      from = end;
    }
    return new PaxRecords(values);
  }

  String name(String otherwise) {
    return values.getOrDefault("path", otherwise);
  }

  long size(long otherwise) throws IOException {
    String size = values.get("size");
    if (size == null) {
      return otherwise;
    }
    if (!size.matches("\\d{1," + MOST_DIGITS + "}")) {
      throw malformed();
    }
    return Long.parseLong(size);
  }

  /** Whether the member is a file with holes, whose bytes are not what they seem. */
  boolean isSparse() {
    return values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
  }

  private static int indexOf(byte[] bytes, int from, char wanted) throws IOException {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw malformed();
  }

  private static IOException malformed() {
    return new IOException("a member's extended header is malformed");
  }
}
