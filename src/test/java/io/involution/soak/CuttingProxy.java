package io.involution.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between an HTTP client and a server on loopback, notes their requests in order, and cuts
 * connections in the middle of a request's body.
 */
final class CuttingProxy implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?mi)^content-length: *(\\d+)");

  private final ServerSocket listening;
  private final int server;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private volatile Rule rule = request -> false;

  /** What happens to a request before its body is passed on. */
  @FunctionalInterface
  interface Rule {
    /**
     * May wait.
     *
     * @param request its first line, such as {@code PUT /runs/1/run.json HTTP/1.1}
     * @return whether to cut the connection in the middle of the body
     */
    boolean cuts(String request);
  }

  /** Starts to listen, in front of a port of this machine. */
  CuttingProxy(int server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Where clients find it. */
  String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** Sets what happens from now on. */
  void rule(Rule next) {
    rule = next;
  }

  /**
   * What has happened: {@code > METHOD PATH} as a request comes, {@code CODE METHOD PATH} as it
   * ends.
   */
  List<String> log() {
    return log;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), server)) {
      AtomicReference<String> open = new AtomicReference<>();
      daemon(() -> answers(to, client, open));
      InputStream in = new BufferedInputStream(client.getInputStream());
      while (request(in, to.getOutputStream(), open)) {
        // The next one on the same connection.
      }
    } catch (IOException e) {
      // One of the two has closed the connection.
    }
  }

  /** Passes one request on; false when the connection has ended or is to be cut. */
  private boolean request(InputStream in, OutputStream out, AtomicReference<String> open)
      throws IOException {
    String head = head(in);
    if (head.isEmpty()) {
      return false;
    }
    if (head.toLowerCase(Locale.ROOT).contains("\ntransfer-encoding:")) {
      throw new UncheckedIOException(new IOException("a body without a length: " + head));
    }
    String first = head.substring(0, head.indexOf('\r'));
    String name = first.replaceFirst(" HTTP/.*", "");
    String copies = head.toLowerCase(Locale.ROOT).contains("\nx-amz-copy-source:") ? " copied" : "";
    log.add("> " + name + copies);
    boolean cut = rule.cuts(first);
    open.set(name);
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    Matcher length = LENGTH.matcher(head);
    int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    pass(in, out, cut ? bytes / 2 : bytes);
    if (cut) {
      log.add("cut " + name);
    }
    return !cut;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void pass(InputStream in, OutputStream out, int bytes) throws IOException {
    byte[] buffer = new byte[8192];
    int left = bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, read);
      left -= read;
    }
    out.flush();
  }

  private void answers(Socket from, Socket client, AtomicReference<String> open) {
    byte[] buffer = new byte[65_536];
    try (client) {
      InputStream in = from.getInputStream();
      OutputStream out = client.getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        String text = new String(buffer, 0, Math.min(read, 12), StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP/1.1 ") && !text.startsWith("HTTP/1.1 100")) {
          String request = open.getAndSet(null);
          if (request != null) {
            log.add(text.substring(9) + " " + request);
          }
        }
        out.write(buffer, 0, read);
        out.flush();
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // One of the two has closed the connection.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
