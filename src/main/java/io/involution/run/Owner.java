package io.involution.run;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a process: on its own machine one can see that it is gone, without waiting for a
 * missing heartbeat.
 *
 * @param machine host, boot ID and PID namespace
 * @param pid the process ID
 * @param started when the process was started, in the machine's own clock ticks
 */
record Owner(String machine, long pid, String started) {
  private static final Pattern TEXT = Pattern.compile("owner (\\S+) (\\d{1,18}) (\\S+)");

  /** Fields of /proc/PID/stat after the name in parentheses: the state and the start time. */
  private static final int STATE = 0;

  private static final int START = 19;

  private static final Path PROC = Path.of("/proc");

  private static final Owner HERE = find();

  /** This process. */
  static Owner here() {
    return HERE;
  }

  /** The owner as one line of text. */
  String text() {
    return "owner " + machine + " " + pid + " " + started;
  }

  /** The owner in a text that contains its line; empty if there is none. */
  static Optional<Owner> in(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.find()
        ? Optional.of(
            new Owner(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
        : Optional.empty();
  }

  /** Whether the process is known to have ended; never true for a process of another machine. */
  boolean isGone() {
    return isGone(PROC);
  }

  /**
   * The same by a folder as {@code /proc} is one. One that cannot be read may be another user's:
   * then only its heartbeat tells.
   */
  boolean isGone(Path proc) {
    if (!machine.equals(HERE.machine)) {
      return false;
    }
    try {
      return !started(proc, pid).equals(Optional.of(started));
    } catch (NoSuchFileException absent) {
      return showsAll(proc);
    } catch (IOException | IndexOutOfBoundsException unreadable) {
      return false;
    }
  }

  /** Whether it shows the processes of other users, which it does not if mounted with hidepid. */
  private static boolean showsAll(Path proc) {
    try {
      return !read(proc.resolve("self/mounts")).contains("hidepid=");
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Owner find() {
    long pid = ProcessHandle.current().pid();
    try {
      String boot = read(PROC.resolve("sys/kernel/random/boot_id")).strip();
      String space = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
      String host = InetAddress.getLocalHost().getHostName();
      Optional<String> started = started(PROC, pid);
      if (started.isPresent()) {
        return new Owner(host + "/" + boot + "/" + space, pid, started.get());
      }
    } catch (IOException | RuntimeException e) {
      // A machine without /proc gets a name that no other process has.
    }
    return new Owner(UUID.randomUUID().toString(), pid, "0");
  }

  /** When a process was started; empty if it is a zombie. */
  private static Optional<String> started(Path proc, long pid) throws IOException {
    String stat = read(proc.resolve(pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return fields[STATE].matches("[ZX]") ? Optional.empty() : Optional.of(fields[START]);
  }

  /** Names of processes and folders may be any bytes. */
  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
