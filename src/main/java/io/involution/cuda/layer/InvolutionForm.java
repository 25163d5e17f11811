package io.involution.cuda.layer;

/** One way of computing an involution on a device. */
interface InvolutionForm {
  /** Enqueues the forward pass. */
  void forward(boolean training);

  /** Enqueues the backward pass after a forward pass in training. */
  void backward();
}
