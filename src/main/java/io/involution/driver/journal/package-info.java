/** What a run writes while it trains: metrics, checkpoints, and entries for trackers. */
package io.involution.driver.journal;
