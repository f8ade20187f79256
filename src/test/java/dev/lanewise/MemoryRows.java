package dev.lanewise;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowSource;
import java.io.IOException;
import java.util.Optional;

/** A data set read row by row, which counts its passes and can be told to fail. */
public final class MemoryRows implements RowSource {

  private final Dataset data;

  /** The passes begun. */
  public int opened;

  /** The passes ended by {@code close}. */
  public int closed;

  /** The row that cannot be read, counted over all passes; -1 for none. */
  public long failing = -1;

  private long read;

  public MemoryRows(Dataset data) {
    this.data = data;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public int rows() {
    return data.rows();
  }

  @Override
  public int columns() {
    return data.columns();
  }

  @Override
  public int targetColumns() {
    return data.targetColumns();
  }

  /** {@return the rows read in all passes} */
  public long read() {
    return read;
  }

  @Override
  public Optional<Encoder> encoder() {
    return data.encoder();
  }

  @Override
  public RowSource.Reader open() {
    opened++;
    return new RowSource.Reader() {
      private int row;

      @Override
      public void read(float[] features, int featuresAt, float[] targets, int targetsAt)
          throws IOException {
        if (read++ == failing) {
          throw new IOException("the disk is gone");
        }
        System.arraycopy(data.features(), row * columns(), features, featuresAt, columns());
        System.arraycopy(
            data.targets(), row * targetColumns(), targets, targetsAt, targetColumns());
        row++;
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }
}
