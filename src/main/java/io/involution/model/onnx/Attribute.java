package io.involution.model.onnx;

/**
 * A constant setting of a node, an AttributeProto.
 *
 * @param message its fields
 */
record Attribute(Message message) {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int INTS = 7;

  /** A number. */
  static Attribute of(String name, long value) {
    return new Attribute(named(name).number(3, value).number(20, INT));
  }

  /** A real number. */
  static Attribute of(String name, float value) {
    return new Attribute(named(name).real(2, value).number(20, FLOAT));
  }

  /** Numbers. */
  static Attribute list(String name, long... values) {
    Message attribute = named(name);
    for (long value : values) {
      attribute.number(8, value);
    }
    return new Attribute(attribute.number(20, INTS));
  }

  private static Message named(String name) {
    return new Message().text(1, name);
  }
}
