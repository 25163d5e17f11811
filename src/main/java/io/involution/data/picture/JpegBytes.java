package io.involution.data.picture;

import io.involution.data.picture.PictureBytes.Colors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Reads the segments of a JPEG file and keeps those that a decoder needs. */
final class JpegBytes {
  /** As many as progressive pictures have; the largest picture may have no more. */
  private static final int USUAL_SCANS = 10;

  private static final int SCAN = 0xda;
  private static final int END = 0xd9;

  private final byte[] file;
  private final ByteBuffer in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int orientation = 1;
  private int components;
  private long pixels;
  private int scans;
  private int adobe = -1;
  private boolean profile;

  JpegBytes(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
  }

  /**
   * The picture.
   *
   * @throws IOException if its end is missing, it is of a kind that is not read, or takes too long
   */
  PictureBytes picture() throws IOException {
    out.write(file, 0, 2);
    int at = pastFill(2);
    for (int marker = marker(at); marker != END; marker = marker(at)) {
      int length = (marker >= 0xd0 && marker <= 0xd7) || marker == 1 ? 0 : length(at + 2);
      int end = at + 2 + length;
      note(marker, at, length);
      if (marker == SCAN) {
        end = scanEnd(end);
        scans++;
      }
      if (marker < 0xe1 || marker == 0xee) {
        out.write(file, at, end - at);
      }
      at = pastFill(end);
    }
    out.write(0xff);
    out.write(END);
    check();
    Colors inks = adobe == 2 ? Colors.YCCK : Colors.CMYK;
    return new PictureBytes(out.toByteArray(), orientation, components == 4 ? inks : Colors.LIGHT);
  }

  private void note(int marker, int at, int length) throws IOException {
    switch (marker) {
      case 0xe1 ->
          orientation = Math.max(orientation, Exif.orientation(file, at + 4, at + 2 + length));
      case 0xe2 -> profile = true;
      case 0xee -> adobe = length < 14 ? adobe : file[at + 15];
      case 0xc0, 0xc1, 0xc2 -> {
        if (length < 8 || file[at + 4] != 8) {
          throw new IOException("a JPEG that has not 8 bits for each color");
        }
        components = file[at + 9];
        long size = (in.getShort(at + 5) & 0xffffL) * (in.getShort(at + 7) & 0xffffL);
        pixels = Math.max(pixels, size);
      }
      default -> {}
    }
  }

  private void check() throws IOException {
    if (components == 0 || scans == 0) {
      throw new IOException("a JPEG without a picture, or of a kind that is not read");
    }
    if (scans > USUAL_SCANS && scans * pixels > USUAL_SCANS * DecodedPicture.MOST_PIXELS) {
      throw new IOException(
          String.format(Locale.ROOT, "%d pixels in %d scans: scale it down", pixels, scans));
    }
    if (components == 4 && (adobe < 0 || profile)) {
      throw new IOException("CMYK with a color profile or of an unknown kind: convert it to RGB");
    }
  }

  /** Any number of 0xff may stand before a marker. */
  private int pastFill(int from) {
    int at = from;
    while (at + 1 < file.length && file[at] == (byte) 0xff && file[at + 1] == (byte) 0xff) {
      at++;
    }
    return at;
  }

  private int marker(int at) throws IOException {
    if (at + 1 >= file.length) {
      throw new IOException("its end is missing");
    }
    if (file[at] != (byte) 0xff) {
      throw new IOException("a part has a wrong length");
    }
    return file[at + 1] & 0xff;
  }

  private int length(int at) throws IOException {
    if (at + 2 > file.length) {
      throw new IOException("its end is missing");
    }
    int length = in.getShort(at) & 0xffff;
    if (length < 2 || at + length > file.length) {
      throw new IOException("its end is missing");
    }
    return length;
  }

  /** Where the next marker is after compressed data, in which 0xff is followed by 0. */
  private int scanEnd(int from) throws IOException {
    for (int at = from; at + 1 < file.length; at++) {
      int next = file[at + 1] & 0xff;
      if (file[at] == (byte) 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
        return at;
      }
    }
    throw new IOException("its end is missing");
  }
}
