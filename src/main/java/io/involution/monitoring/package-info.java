/** Training metrics in Spark's metrics system, pages, and event log. */
package io.involution.monitoring;
