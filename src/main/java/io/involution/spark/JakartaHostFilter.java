package io.involution.spark;

import io.involution.config.value.HostNames;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets requests through to the pages of Spark 4 that name this machine ({@link PageHosts}). */
public final class JakartaHostFilter implements Filter {
  private HostNames hosts = PageHosts.of("");

  /** Made by Jetty. */
  public JakartaHostFilter() {}

  @Override
  public void init(FilterConfig config) {
    hosts = PageHosts.of(config.getInitParameter(PageHosts.HOSTS));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String host = ((HttpServletRequest) request).getHeader("Host");
    if (hosts.include(host)) {
      chain.doFilter(request, response);
    } else {
      ((HttpServletResponse) response)
          .sendError(HttpServletResponse.SC_FORBIDDEN, PageHosts.refusal(host));
    }
  }

  @Override
  public void destroy() {}
}
