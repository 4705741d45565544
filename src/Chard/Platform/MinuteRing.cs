namespace Chard.Platform;

/// <summary>
/// Counts, in all and by minute for the last hour, of one or several cells: those of a histogram are its buckets. Takes the same memory
/// however much is counted.
/// </summary>
internal sealed class MinuteRing(int cells)
{
    /// <summary>Minutes that are kept.</summary>
    public const int Minutes = 60;

    private readonly Lock _gate = new();
    private readonly long[] _totals = new long[cells];
    private readonly int[] _counts = new int[Minutes * cells];
    private readonly long[] _minutes = new long[Minutes];
    private double _sum;

    /// <summary>Adds to a cell.</summary>
    public void Add(int cell, long count, double sum, long minute)
    {
        lock (_gate)
        {
            int slot = (int)(minute % Minutes);
            if (_minutes[slot] != minute)
            {
                Array.Clear(_counts, slot * cells, cells);
                _minutes[slot] = minute;
            }

            _counts[(slot * cells) + cell] = (int)Math.Min((long)_counts[(slot * cells) + cell] + count, int.MaxValue);
            _totals[cell] += count;
            _sum += sum;
        }
    }

    /// <summary>The counts of some minutes, the first and the last included.</summary>
    public long[] Between(long first, long last)
    {
        lock (_gate)
        {
            long[] counts = new long[cells];
            for (int slot = 0; slot < Minutes; slot++)
            {
                if (_minutes[slot] >= first && _minutes[slot] <= last)
                {
                    for (int cell = 0; cell < cells; cell++)
                    {
                        counts[cell] += _counts[(slot * cells) + cell];
                    }
                }
            }

            return counts;
        }
    }

    /// <summary>All that was ever counted, and the sum of it.</summary>
    public (long[] Counts, double Sum) All()
    {
        lock (_gate)
        {
            return ([.. _totals], _sum);
        }
    }
}
