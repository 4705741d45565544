using System.Buffers.Binary;
using System.Text;

namespace Chard.Domain.Retries;

/// <summary>
/// Randomness that is the same in every process and on every replay: a hash of what is delayed. Calls that fail together still
/// spread, since each has a position of its own.
/// </summary>
public static class Jitter
{
    /// <summary>
    /// A number from 0 (included) to 1 (excluded) for the <paramref name="turn"/>-th delay at
    /// <paramref name="path"/> of a workflow.
    /// </summary>
    public static double Share(string workflowId, string path, int turn)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        ArgumentNullException.ThrowIfNull(path);

        // FNV-1a over the UTF-8 of the three, parted by a byte that UTF-8 does not have.
        const ulong Prime = 0x100000001b3;
        ulong hash = Add(0xcbf29ce484222325, Encoding.UTF8.GetBytes(workflowId));
        hash = (hash ^ 0xff) * Prime;
        hash = Add(hash, Encoding.UTF8.GetBytes(path));
        hash = (hash ^ 0xff) * Prime;
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, turn);
        hash = Add(hash, number);

        // FNV's high bits hardly move on short texts; the finalizer of MurmurHash3 spreads them.
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));

        static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                hash = (hash ^ b) * Prime;
            }

            return hash;
        }
    }
}
