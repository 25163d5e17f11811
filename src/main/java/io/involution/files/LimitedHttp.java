package io.involution.files;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * HTTP with servers that are not trusted: an answer is limited in bytes and in time, however it is
 * sent. In HTTP/1.1: a client that offers HTTP/2 loses the bodies of its requests at servers such
 * as uvicorn.
 */
public final class LimitedHttp {
  /** What a server is given a second to take of a request, in bytes. */
  private static final double BYTES_PER_SECOND = 1 << 20;

  private static final String UNLOCKED = "jdk.httpclient.allowRestrictedHeaders";

  private final HttpClient http;
  private final Limits limits;

  static {
    // Java's client reads it once; for hosts that are called by their numeric address.
    String others = System.getProperty(UNLOCKED);
    System.setProperty(UNLOCKED, others == null ? "host" : others + ",host");
  }

  /**
   * What an answer may take, in addition to a second for each MiB of the request.
   *
   * @param bytes size of its body
   * @param silence longest time in which nothing arrives
   * @param total time for all of it
   */
  public record Limits(long bytes, Duration silence, Duration total) {
    /** Checks that the limits leave room for an answer. */
    public Limits {
      if (bytes < 1 || silence.toNanos() < 1 || total.toNanos() < 1) {
        throw new IllegalArgumentException("no answer fits into " + bytes + " bytes, " + total);
      }
    }
  }

  /** Receives an answer's body. */
  public interface Sink {
    /**
     * Takes the next part of the body.
     *
     * @param code the answer's status code
     * @throws IOException to give up on the answer
     */
    void accept(int code, byte[] part) throws IOException;
  }

  /**
   * A client.
   *
   * @param limits for each of its answers
   * @param redirect whether it follows a server elsewhere
   * @param proxies which proxy leads to a server
   */
  public LimitedHttp(Limits limits, Redirect redirect, ProxySelector proxies) {
    this.limits = limits;
    this.http =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .connectTimeout(limits.silence())
            .followRedirects(redirect)
            .proxy(proxies)
            .build();
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @return the status code
   * @throws IOException if there is no answer, or one that is beyond the limits
   */
  public int send(HttpRequest request, Sink sink) throws IOException {
    long sent = System.nanoTime() + nanosToSend(request);
    AtomicLong heard = new AtomicLong(sent);
    CompletableFuture<HttpResponse<Void>> response =
        http.sendAsync(request, info -> new LimitedBody(info.statusCode(), limits, sink, heard));
    try {
      return await(response, sent + limits.total().toNanos(), heard).statusCode();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      response.cancel(true);
    }
  }

  private static long nanosToSend(HttpRequest request) {
    long bytes = request.bodyPublisher().map(BodyPublisher::contentLength).orElse(0L);
    return (long) (TimeUnit.SECONDS.toNanos(1) * (Math.max(0, bytes) / BYTES_PER_SECOND));
  }

  private <T> T await(CompletableFuture<T> response, long end, AtomicLong heard)
      throws IOException, ExecutionException, InterruptedException {
    while (true) {
      long now = System.nanoTime();
      long left = Math.min(end - now, heard.get() + limits.silence().toNanos() - now);
      try {
        return response.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        now = System.nanoTime();
        if (now - heard.get() >= limits.silence().toNanos()) {
          throw new IOException("no answer in " + limits.silence().toMillis() + " ms", e);
        }
        if (now >= end) {
          throw new IOException("no complete answer in " + limits.total().toMillis() + " ms", e);
        }
      }
    }
  }
}
