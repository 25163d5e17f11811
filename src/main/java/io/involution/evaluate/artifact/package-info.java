/** What {@code MODEL/artifacts} holds: the records that an evaluation writes and a report draws. */
package io.involution.evaluate.artifact;
