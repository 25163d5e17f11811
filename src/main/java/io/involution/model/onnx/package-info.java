/** Networks as ONNX files. */
package io.involution.model.onnx;
