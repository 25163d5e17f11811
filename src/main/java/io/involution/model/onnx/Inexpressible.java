package io.involution.model.onnx;

/** What a layer does that is not exported; the message goes on after the layer's name. */
final class Inexpressible extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Inexpressible(String what) {
    super(what);
  }
}
