package io.involution.files;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A server that answers every request with the same bytes, to the end or without one. */
public final class Answers implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final byte[] start;
  private final byte[] repeated;
  private volatile boolean slow;
  private volatile boolean open;
  private volatile String request = "";

  /**
   * A server on a free port.
   *
   * @param start what it sends first
   * @param repeated what it sends then until the client goes away; nothing if empty
   */
  public Answers(String start, String repeated) throws IOException {
    this.start = start.getBytes(StandardCharsets.UTF_8);
    this.repeated = repeated.getBytes(StandardCharsets.UTF_8);
    Thread thread = new Thread(this::serve, "answers");
    thread.setDaemon(true);
    thread.start();
  }

  /** A whole answer with a status line and a body. */
  public static Answers of(String status, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String head =
        String.format(
            Locale.ROOT, "%sContent-Length: %d\r\nConnection: close\r\n\r\n", status, length);
    return new Answers(head + body, "");
  }

  /** Sends what is repeated a few times a second. */
  public Answers slow() {
    slow = true;
    return this;
  }

  /** Sends nothing more after the start, and leaves the connection open. */
  public Answers keepOpen() {
    open = true;
    return this;
  }

  /** The port on the loopback address. */
  public int port() {
    return server.getLocalPort();
  }

  /** The last request. */
  public String request() {
    return request;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        byte[] read = new byte[1 << 16];
        int count = socket.getInputStream().read(read);
        request = new String(read, 0, Math.max(count, 0), StandardCharsets.UTF_8);
        answer(socket.getOutputStream());
      } catch (IOException e) {
        // The client went away, or the test has ended.
      }
    }
  }

  private void answer(OutputStream out) throws IOException {
    out.write(start);
    out.flush();
    while (open && !server.isClosed()) {
      pause();
    }
    while (repeated.length > 0 && !server.isClosed()) {
      if (slow) {
        pause();
      }
      out.write(repeated);
      out.flush();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
