package io.involution.driver.input;

import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.model.onnx.Exported;
import io.involution.model.onnx.OnnxFile;
import java.util.Collections;
import java.util.List;

/** A saved model for those who do not have this job. */
public final class ExportedModel {
  private final Exported about;
  private final byte[] onnx;

  private ExportedModel(Exported about, byte[] onnx) {
    this.about = about;
    this.onnx = onnx;
  }

  /** What the file says about the network. */
  public Exported about() {
    return about;
  }

  /** The ONNX file's bytes; not a copy. */
  public byte[] onnx() {
    return onnx;
  }

  /**
   * Exports a model.
   *
   * @param saved the model
   * @param jobVersion version of this job, for the file
   * @throws io.involution.failure.InputException naming the layer that cannot be exported
   */
  public static ExportedModel of(SavedModel saved, String jobVersion) {
    ImageShape image = DataSchema.CIFAR10.image();
    Exported about =
        new Exported(
            saved.blueprint().label(),
            List.of((long) image.channels(), (long) image.height(), (long) image.width()),
            DataSchema.CIFAR10.classes(),
            Collections.nCopies(image.channels(), 0.0),
            Collections.nCopies(image.channels(), 1.0),
            jobVersion);
    return new ExportedModel(about, OnnxFile.of(saved.graph(), about));
  }
}
