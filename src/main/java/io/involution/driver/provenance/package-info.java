/**
 * What made a result: the job version, the machine, and the identity that a resumed run must share.
 */
package io.involution.driver.provenance;
