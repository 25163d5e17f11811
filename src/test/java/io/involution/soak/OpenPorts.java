package io.involution.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where processes of this machine listen, from Linux's tables. */
final class OpenPorts {
  private static final String LISTEN = "0A";
  private static final List<String> LOOPBACK =
      List.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

  private OpenPorts() {}

  /** Lines of the tables for the sockets on which a process and those that it started listen. */
  static List<String> of(ProcessHandle process) throws IOException {
    Set<String> sockets = new HashSet<>();
    Stream.concat(Stream.of(process), process.descendants())
        .forEach(each -> addSockets(each.pid(), sockets));
    try (Stream<String> four = Files.lines(Path.of("/proc/net/tcp"));
        Stream<String> six = Files.lines(Path.of("/proc/net/tcp6"))) {
      return Stream.concat(four, six)
          .map(String::strip)
          .filter(line -> line.split(" +", -1)[3].equals(LISTEN))
          .filter(line -> sockets.contains("socket:[" + line.split(" +", -1)[9] + "]"))
          .toList();
    }
  }

  /** Whether only this machine reaches the port of a line. */
  static boolean isLoopback(String line) {
    return LOOPBACK.contains(line.split(" +", -1)[1].replaceFirst(":.*", ""));
  }

  private static void addSockets(long pid, Set<String> sockets) {
    try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid, "fd"))) {
      for (Path file : files.toList()) {
        sockets.add(Files.readSymbolicLink(file).toString());
      }
    } catch (IOException e) {
      // The process has ended or has closed the file: it listens no more.
    }
  }
}
