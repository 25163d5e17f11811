package io.involution.data;

import io.involution.data.cifar10.Cifar10Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small data sets in CIFAR-10's layout, as folders and as archives. */
public final class Cifar10Files {
  private Cifar10Files() {}

  /** The six files with so many random records each, by name. */
  public static Map<String, byte[]> files(int records, long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : Cifar10Format.FILES) {
      byte[] file = new byte[records * Cifar10Format.RECORD];
      random.nextBytes(file);
      for (int record = 0; record < records; record++) {
        file[record * Cifar10Format.RECORD] =
            (byte) random.nextInt(DataSchema.CIFAR10.classCount());
      }
      files.put(name, file);
    }
    return files;
  }

  /** Writes files into a folder. */
  public static void write(Path folder, Map<String, byte[]> files) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tar.gz of files, in the folder that the official archive has. */
  public static byte[] archive(Map<String, byte[]> files) {
    List<TarMember> members = new ArrayList<>();
    files.forEach(
        (name, content) ->
            members.add(
                new TarMember(
                    new TarArchiveEntry(Cifar10Format.FOLDER + "/" + name), List.of(content))));
    return archive(members);
  }

  /** A tar.gz of members as they are. */
  public static byte[] archive(List<TarMember> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
      for (TarMember member : members) {
        for (byte[] content : member.content()) {
          member.entry().setSize(content.length);
        }
        tar.putArchiveEntry(member.entry());
        for (byte[] content : member.content()) {
          tar.write(content);
        }
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An entry and its content, none for links. */
  record TarMember(TarArchiveEntry entry, List<byte[]> content) {}
}
