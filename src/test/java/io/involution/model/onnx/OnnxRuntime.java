package io.involution.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Microsoft's runtime, as a user of an exported file starts it. */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRuntime(byte[] file) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file, options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file's metadata. */
  Map<String, String> properties() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  OrtSession session() {
    return session;
  }

  /** The output for some images. */
  INDArray output(INDArray images) {
    FloatBuffer pixels = FloatBuffer.wrap(images.dup('c').data().asFloat());
    try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels, images.shape());
        OrtSession.Result result = session.run(Map.of(OnnxFile.INPUT, input))) {
      OnnxValue value = result.get(OnnxFile.OUTPUT).orElseThrow();
      OnnxTensor output = (OnnxTensor) value;
      float[] numbers = new float[output.getFloatBuffer().remaining()];
      output.getFloatBuffer().get(numbers);
      return Nd4j.createFromArray(numbers).reshape('c', output.getInfo().getShape());
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
