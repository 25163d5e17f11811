package io.involution.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Listens at another address of this machine, passes everything on to the same port of 127.0.0.1,
 * and notes which of some words it has seen.
 */
final class WireTap implements AutoCloseable {
  /** Where it listens. */
  static final String ADDRESS = "127.0.0.2";

  private final ServerSocket server;
  private final List<String> words;
  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Taps a port.
   *
   * @param port the port of both addresses
   * @param words what to look for
   */
  WireTap(int port, List<String> words) throws IOException {
    this.server = new ServerSocket(port, 50, InetAddress.getByName(ADDRESS));
    this.words = List.copyOf(words);
    start(this::accept);
  }

  /** The words that have passed so far. */
  Set<String> seen() {
    return seen;
  }

  /** How much has passed so far. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        start(() -> pass(near, far));
        start(() -> pass(far, near));
      } catch (IOException e) {
        // The test has ended, or nobody listens behind it yet.
      }
    }
  }

  private void pass(Socket from, Socket to) {
    int overlap = words.stream().mapToInt(String::length).max().orElse(1);
    byte[] part = new byte[1 << 16];
    String tail = "";
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        out.write(part, 0, count);
        bytes.addAndGet(count);
        String text = tail + new String(part, 0, count, StandardCharsets.ISO_8859_1);
        words.stream().filter(text::contains).forEach(seen::add);
        tail = text.substring(Math.max(0, text.length() - overlap));
      }
    } catch (IOException e) {
      // One of both has gone.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "wire tap");
    thread.setDaemon(true);
    thread.start();
  }
}
