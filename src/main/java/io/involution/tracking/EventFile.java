package io.involution.tracking;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.tensorflow.framework.Summary;

/**
 * An event file for TensorBoard: records with masked checksums, each containing a {@code
 * tensorflow.Event} message. ND4J does not include the Java class of that message, so its fields
 * are encoded here.
 */
final class EventFile {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int RGB = 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final double wallTime;
  private final long step;
  private final Summary.Builder summary = Summary.newBuilder();

  /**
   * Starts the event file of one step.
   *
   * @param wallTime seconds since 1970
   * @param step the step that the values belong to
   */
  EventFile(double wallTime, long step) {
    this.wallTime = wallTime;
    this.step = step;
    record(
        event -> {
          event.writeDouble(WALL_TIME, wallTime);
          event.writeString(FILE_VERSION, "brain.Event:2");
        });
  }

  /** The fields of an event. */
  private interface Event {
    void write(CodedOutputStream event) throws IOException;
  }

  /** Adds a scalar; ignores null. */
  EventFile scalar(String tag, Double value) {
    if (value != null) {
      summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    }
    return this;
  }

  /** Adds an image. */
  EventFile image(String tag, byte[] png, int width, int height) {
    summary.addValue(
        Summary.Value.newBuilder()
            .setTag(tag)
            .setImage(
                Summary.Image.newBuilder()
                    .setWidth(width)
                    .setHeight(height)
                    .setColorspace(RGB)
                    .setEncodedImageString(ByteString.copyFrom(png))));
    return this;
  }

  /** The file's bytes; nothing can be added after this. */
  byte[] bytes() {
    record(
        event -> {
          event.writeDouble(WALL_TIME, wallTime);
          event.writeInt64(STEP, step);
          event.writeMessage(SUMMARY, summary.build());
        });
    return out.toByteArray();
  }

  private void record(Event event) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream message = CodedOutputStream.newInstance(bytes);
      event.write(message);
      message.flush();
      byte[] data = bytes.toByteArray();
      byte[] length = little(Long.BYTES).putLong(data.length).array();
      out.write(length);
      out.write(little(Integer.BYTES).putInt(maskedChecksum(length)).array());
      out.write(data);
      out.write(little(Integer.BYTES).putInt(maskedChecksum(data)).array());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A masked CRC-32C, rotated and offset, since TensorFlow's records may contain checksums
   * themselves.
   */
  private static int maskedChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    int value = (int) checksum.getValue();
    return Integer.rotateRight(value, 15) + 0xa282ead8;
  }
}
