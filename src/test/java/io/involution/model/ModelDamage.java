package io.involution.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Damages model files: the archive, or what is in it under a checksum that fits. */
public final class ModelDamage {
  private static final int[] NUMBERS = {0, 1, -1, 2, 255, 1 << 24, Integer.MIN_VALUE, 0x7f7fffff};
  private static final String[] WORDS = {
    "null",
    "-1",
    "1e400",
    "\"\\u001b[2J\"",
    "{}",
    "[[[[",
    "9999999999",
    "true",
    "\"java.lang.Runtime\""
  };
  private static final int HEADER = 160;

  private final byte[] file;
  private final Map<String, byte[]> entries;
  private final Random random;

  /** Damages a sound file, always in the same way for a seed. */
  public ModelDamage(byte[] file, long seed) {
    this.file = file.clone();
    this.entries = entries(file);
    this.random = new Random(seed);
  }

  /** The next damaged file. */
  public byte[] next() {
    return switch (random.nextInt(10)) {
      case 0 -> flipped(file, file.length);
      case 1 -> Arrays.copyOf(file, random.nextInt(file.length));
      case 2, 3 -> with("coefficients.bin", numbers(entries.get("coefficients.bin"), HEADER));
      case 4 -> with("coefficients.bin", numbers(entries.get("coefficients.bin"), 1 << 30));
      case 5 -> with("coefficients.bin", resized(entries.get("coefficients.bin")));
      case 6 -> with("configuration.json", words(entries.get("configuration.json")));
      case 8 -> with("involution.json", words(entries.get("involution.json")));
      case 9 -> with("involution.json", flipped(entries.get("involution.json"), 1 << 30));
      default -> with("configuration.json", flipped(entries.get("configuration.json"), 1 << 30));
    };
  }

  private byte[] flipped(byte[] bytes, int most) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(Math.min(most, bytes.length));
      damaged[at] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  private byte[] numbers(byte[] bytes, int most) {
    byte[] damaged = flipped(bytes, most);
    int at = random.nextInt(Math.min(most, bytes.length - Integer.BYTES));
    ByteBuffer.wrap(damaged).putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
    return damaged;
  }

  private byte[] resized(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length + bytes.length / 2));
  }

  /** Another value for one of the settings, or another name for one. */
  private byte[] words(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    int colon = text.indexOf(" : ", random.nextInt(text.length() * 9 / 10));
    int end = colon + 3;
    while ("\",{[\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = WORDS[random.nextInt(WORDS.length)];
    return (text.substring(0, colon + 3) + word + text.substring(end))
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] with(String name, byte[] content) {
    Map<String, byte[]> changed = new LinkedHashMap<>(entries);
    changed.put(name, content);
    return zip(changed);
  }

  /** An archive's entries, by name. */
  public static Map<String, byte[]> entries(byte[] zip) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  /** An archive of entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setLevel(1);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
