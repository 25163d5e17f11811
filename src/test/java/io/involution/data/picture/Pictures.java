package io.involution.data.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes picture files, and changes them. */
final class Pictures {
  private Pictures() {}

  /** A picture of many colors. */
  static byte[] file(String format, int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image(width, height), format, bytes);
    return bytes.toByteArray();
  }

  private static BufferedImage image(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        image.setRGB(x, y, (x * 5 % 256) << 16 | (y * 3 % 256) << 8 | (x + y) % 256);
      }
    }
    return image;
  }

  /** A JPEG or PNG in several passes. */
  static byte[] progressive(String format, int width, int height) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam passes = writer.getDefaultWriteParam();
    passes.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(width, height), null, null), passes);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A progressive JPEG in which the last scan is repeated. */
  static byte[] withScans(byte[] jpeg, int more) {
    int scan = jpeg.length;
    while (jpeg[scan - 2] != (byte) 0xff || jpeg[scan - 1] != (byte) 0xda) {
      scan--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < more; i++) {
      out.write(jpeg, scan - 2, jpeg.length - scan);
    }
    out.write(jpeg, jpeg.length - 2, 2);
    return out.toByteArray();
  }

  /** A JPEG whose header says another size. */
  static byte[] withJpegSize(byte[] jpeg, int width, int height) {
    byte[] changed = jpeg.clone();
    for (int at = 2; (changed[at + 1] & 0xff) != 0xda; at += 2 + u16(changed, at + 2)) {
      if (changed[at + 1] == (byte) 0xc0 || changed[at + 1] == (byte) 0xc2) {
        ByteBuffer.wrap(changed).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
      }
    }
    return changed;
  }

  private static int u16(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getShort(at) & 0xffff;
  }

  /**
   * A BMP file.
   *
   * @param compression the kind of its data; 4 and 5 for a whole JPEG or PNG
   */
  static byte[] bmp(int width, int height, int compression, byte[] data) {
    int bits = compression == 1 ? 8 : 24;
    int start = 54 + (bits == 8 ? 1024 : 0);
    ByteBuffer bmp = ByteBuffer.allocate(start + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(new byte[] {'B', 'M'}).putInt(start + data.length).putInt(0).putInt(start);
    bmp.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) bits);
    bmp.putInt(compression).putInt(data.length).position(start);
    return bmp.put(data).array();
  }

  /** A GIF whose screen and picture have another size. */
  static byte[] withGifSize(byte[] gif, int width, int height) {
    byte[] changed = gif.clone();
    ByteBuffer out = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(6, (short) width).putShort(8, (short) height);
    int at = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 * (2 << (gif[10] & 7)));
    while (gif[at] != 0x2c) {
      at++;
    }
    out.putShort(at + 5, (short) width).putShort(at + 7, (short) height);
    return changed;
  }

  /** A JPEG with an Exif segment that says how people see it. */
  static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.put(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0});
    exif.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(exif.array());
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /** A PNG with one more chunk after its header. */
  static byte[] withChunk(byte[] png, String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(content.length + 12);
    chunk.putInt(content.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, content.length + 4);
    chunk.putInt((int) sum.getValue());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, 33);
    out.writeBytes(chunk.array());
    out.write(png, 33, png.length - 33);
    return out.toByteArray();
  }

  /** A PNG whose header says another size. */
  static byte[] withSize(byte[] png, int width, int height) {
    byte[] changed = png.clone();
    ByteBuffer.wrap(changed).putInt(16, width).putInt(20, height);
    return withSums(changed);
  }

  /** A PNG whose chunks have the checksums of what they hold now, as far as they can be found. */
  static byte[] withSums(byte[] png) {
    byte[] changed = png.clone();
    ByteBuffer out = ByteBuffer.wrap(changed);
    for (int at = 8; at <= changed.length - 12; at += out.getInt(at) + 12) {
      int length = out.getInt(at);
      if (length < 0 || length > changed.length - at - 12) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(changed, at + 4, length + 4);
      out.putInt(at + 8 + length, (int) sum.getValue());
    }
    return changed;
  }
}
