using System.Text;

namespace Chard.Emulator.Tables.Sas;

/// <summary>A query taken apart into the parameters of a signature and the rest.</summary>
internal sealed class SasQuery
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "sv", "ss", "srt", "spr", "st", "se", "sip", "si", "sr", "sp", "sig", "tn", "spk", "srk", "epk", "erk",
    };

    private readonly Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    public SasQuery(string query)
    {
        var rest = new StringBuilder();
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Names.Contains(part[..equals]))
            {
                parameters[part[..equals]] = Uri.UnescapeDataString(part[(equals + 1)..]);
            }
            else
            {
                rest.Append(rest.Length > 0 ? "&" : string.Empty).Append(part);
            }
        }

        Rest = rest.ToString();
    }

    /// <summary>What is no part of a signature, as it was.</summary>
    public string Rest { get; }

    public bool IsSigned => parameters.ContainsKey("sv");

    public string this[string name] => parameters.GetValueOrDefault(name);

    /// <summary>Appends <c>name=value</c>, escaped, unless the value is null or empty.</summary>
    public static void Append(StringBuilder query, string name, string value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Append(query.Length > 0 ? "&" : string.Empty).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
