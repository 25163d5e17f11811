package io.involution.model;

import io.involution.failure.InputException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Reads {@code coefficients.bin}: a row vector as ND4J 1.0.0-M2.1 writes it. Everything before the
 * numbers is checked before anything is allocated, since ND4J's own reader believes what the file
 * says about type, length and strides.
 *
 * <p>The format, big-endian: a buffer that describes the shape (rank, shape, strides, flags,
 * element stride, order) and a buffer of the numbers. Both start with an allocation mode (UTF), a
 * length (int64) and a type (UTF).
 */
final class ModelParameters {
  private static final String MODE = "MIXED_DATA_TYPES";
  private static final long FLOAT_FLAG = 1 << 13;

  private final DataInputStream in;
  private final int length;
  private final String name;

  private ModelParameters(DataInputStream in, int length, String name) {
    this.in = in;
    this.length = length;
    this.name = name;
  }

  /**
   * Reads the vector.
   *
   * @param bytes the whole entry
   * @param length number of parameters of the network that it must fit
   * @param name the file's name, for the error message
   * @throws InputException when it is anything but so many finite float32 numbers
   */
  static float[] read(byte[] bytes, int length, String name) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      new ModelParameters(in, length, name).header();
      if (in.available() != (long) length * Float.BYTES) {
        throw damaged(name);
      }
      float[] parameters = new float[length];
      ByteBuffer.wrap(bytes, bytes.length - in.available(), in.available())
          .asFloatBuffer()
          .get(parameters);
      return finite(parameters, name);
    } catch (IOException e) {
      throw new InputException(damaged(name).getMessage(), e);
    }
  }

  private void header() throws IOException {
    require(in.readUTF().equals(MODE));
    long described = in.readLong();
    require(described == 6 || described == 8);
    require(in.readUTF().equals("LONG"));
    int rank = (int) (described - 4) / 2;
    require(in.readLong() == rank);
    require(rank == 1 || in.readLong() == 1);
    long columns = in.readLong();
    boolean rows = rank == 1 || isRowStride(in.readLong(), columns);
    boolean plain = in.readLong() == 1 && rows;
    long flags = in.readLong();
    boolean dense = in.readLong() == 1;
    long order = in.readLong();
    require(plain && dense && (order == 'c' || order == 'f'));
    require(in.readUTF().equals(MODE));
    long values = in.readLong();
    String type = in.readUTF();
    require(columns == values && columns > 0);
    if (type.matches("DOUBLE|HALF|BFLOAT16")) {
      throw new InputException(
          String.format(
              Locale.ROOT, "%s has parameters of type %s: use a model of type FLOAT", name, type));
    }
    require(type.equals("FLOAT") && flags == FLOAT_FLAG);
    if (values != length) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s has %d parameters, the network %d: use one of this network",
              name,
              values,
              length));
    }
  }

  private static boolean isRowStride(long stride, long columns) {
    return stride == 1 || stride == columns;
  }

  private void require(boolean sound) {
    if (!sound) {
      throw damaged(name);
    }
  }

  private static InputException damaged(String name) {
    return new InputException(name + " is damaged: use another copy of it");
  }

  private static float[] finite(float[] parameters, String name) {
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        throw new InputException(
            name + " has parameters that are NaN or infinite: use a model that did not diverge");
      }
    }
    return parameters;
  }
}
