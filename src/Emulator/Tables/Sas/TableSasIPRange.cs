using System.ComponentModel;
using System.Net;

namespace Azure.Data.Tables.Sas;

/// <summary>The addresses from which a signature is taken: one, or a range with both its ends. The default means any.</summary>
public readonly struct TableSasIPRange(IPAddress start, IPAddress end = null) : IEquatable<TableSasIPRange>
{
    private readonly IPAddress start = start;
    private readonly IPAddress end = end;

    /// <summary><see cref="IPAddress.None"/> where there is none.</summary>
    public IPAddress Start => start ?? IPAddress.None;

    /// <summary><see cref="IPAddress.None"/> where there is none.</summary>
    public IPAddress End => end ?? IPAddress.None;

    public static bool operator ==(TableSasIPRange left, TableSasIPRange right) => left.Equals(right);

    public static bool operator !=(TableSasIPRange left, TableSasIPRange right) => !left.Equals(right);

    /// <summary>Reads <c>start</c> or <c>start-end</c>.</summary>
    /// <exception cref="FormatException">An address is none.</exception>
    public static TableSasIPRange Parse(string s)
    {
        if (string.IsNullOrEmpty(s))
        {
            return default;
        }

        var dash = s.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? new TableSasIPRange(IPAddress.Parse(s)) : new TableSasIPRange(IPAddress.Parse(s[..dash]), IPAddress.Parse(s[(dash + 1)..]));
    }

    public bool Equals(TableSasIPRange other) => Start.Equals(other.Start) && End.Equals(other.End);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object obj) => obj is TableSasIPRange other && Equals(other);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => HashCode.Combine(Start, End);

    public override string ToString()
        => Start.Equals(IPAddress.None) ? string.Empty : End.Equals(IPAddress.None) ? Start.ToString() : $"{Start}-{End}";
}
