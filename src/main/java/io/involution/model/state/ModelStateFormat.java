package io.involution.model.state;

import io.involution.data.Sha256;
import io.involution.failure.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The file format of a {@link ModelState}: magic number, version, steps, sections (name, length,
 * little-endian float32), and the SHA-256 of all of these as the last 32 bytes. Plain bytes:
 * nothing is deserialized as a Java object.
 */
public final class ModelStateFormat {
  private static final int MAGIC = 0x494d5331;
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;

  private ModelStateFormat() {}

  /** The file's bytes. */
  public static byte[] write(ModelState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      StateStream.write(out, state);
      out.write(Sha256.of(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Parses a file's bytes.
   *
   * @param bytes the whole file
   * @param name the file's name, for the error message
   * @throws InputException when it is truncated, damaged or has another version
   */
  public static ModelState read(byte[] bytes, String name) {
    int length = bytes.length - DIGEST_BYTES;
    if (length < 20) {
      throw damaged(name, "it is only " + bytes.length + " bytes long");
    }
    byte[] digest = Arrays.copyOfRange(bytes, length, bytes.length);
    if (!MessageDigest.isEqual(digest, Sha256.of(bytes, length))) {
      throw damaged(name, "its checksum does not match");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      return readChecked(in, name);
    } catch (IOException e) {
      throw damaged(name, "it ends too early", e);
    }
  }

  private static ModelState readChecked(DataInputStream in, String name) throws IOException {
    if (in.readInt() != MAGIC) {
      throw damaged(name, "it is not a model state file");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new InputException(
          name
              + " has format version "
              + version
              + ", this job reads "
              + VERSION
              + ": use the job that wrote it");
    }
    try {
      ModelState state = StateStream.read(in, in.available());
      if (in.available() > 0) {
        throw damaged(name, in.available() + " bytes follow its last section");
      }
      return state;
    } catch (EOFException e) {
      throw damaged(name, "it ends too early", e);
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(name, e.getMessage(), e);
    }
  }

  private static InputException damaged(String name, String how) {
    return damaged(name, how, null);
  }

  private static InputException damaged(String name, String how, Exception cause) {
    return new InputException(
        name + " cannot be used: " + how + "; use an older checkpoint or start a new run", cause);
  }
}
