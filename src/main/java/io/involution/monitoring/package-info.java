/** Training metrics for Prometheus, and for Spark's pages and event log. */
package io.involution.monitoring;
