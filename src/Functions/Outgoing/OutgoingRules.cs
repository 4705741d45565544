using System.Net;
using Chard.Domain.Failures;

namespace Chard.Functions.Outgoing;

/// <summary>
/// Where requests to URLs that callers give may go: the public internet, and of everything else only what the operator named. Checked
/// twice: the URL before anything is sent, and each address before it is connected to.
/// </summary>
public sealed class OutgoingRules
{
    /// <summary>Code of the failure for a URL or an address that is refused.</summary>
    public const string RefusedCode = "address-refused";

    /// <summary>Longest URL, in characters.</summary>
    public const int MaxUrlLength = 2048;

    private readonly bool _allowHttp;
    private readonly HashSet<string> _hosts;
    private readonly IPNetwork[] _networks;

    /// <summary>Takes what the operator allowed.</summary>
    /// <param name="allowHttp">True to let requests go without TLS.</param>
    /// <param name="allowedHosts">Hosts that may have internal addresses: <c>host</c>, or <c>host:port</c> for one port only.</param>
    /// <param name="allowedNetworks">Internal networks that may be reached, in CIDR notation.</param>
    /// <exception cref="FormatException">An entry is not of its form; the message quotes it.</exception>
    public OutgoingRules(bool allowHttp, IEnumerable<string> allowedHosts, IEnumerable<string> allowedNetworks)
    {
        ArgumentNullException.ThrowIfNull(allowedHosts);
        ArgumentNullException.ThrowIfNull(allowedNetworks);
        _allowHttp = allowHttp;
        _hosts = new(allowedHosts.Select(ParseHost), StringComparer.OrdinalIgnoreCase);
        _networks = [.. allowedNetworks.Select(ParseNetwork)];
    }

    /// <summary>Why <paramref name="url"/> is refused before any name is resolved; null if it may be tried.</summary>
    public string? Fault(string? url, out Uri? parsed)
    {
        parsed = null;
        if (string.IsNullOrEmpty(url) || url.Length > MaxUrlLength || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\'))
        {
            return $"A URL has 1 to {MaxUrlLength} characters, without blanks, control characters and backslashes.";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            return "That is not an absolute URL such as https://example.com/hook.";
        }

        if (Fault(uri) is { } fault)
        {
            return fault;
        }

        parsed = uri;
        return null;
    }

    /// <summary>As <see cref="Fault(string?, out Uri?)"/>, for a URL that is read already: the target of a redirect.</summary>
    public string? Fault(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Scheme != Uri.UriSchemeHttps && !(_allowHttp && url.Scheme == Uri.UriSchemeHttp))
        {
            return _allowHttp
                ? "Only https and http URLs are called."
                : "Only https URLs are called; the operator may allow http by Chard:Outgoing:AllowHttp.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "A URL must not carry a user or a password.";
        }

        // Other spellings of an address (0x7f.1, 2130706433, [::ffff:7f00:1]) are read to the same address by Uri, and by IPAddress here.
        return IPAddress.TryParse(HostOf(url), out IPAddress? address) ? Fault(HostOf(url), url.Port, address) : null;
    }

    /// <summary>
    /// Why <paramref name="address"/>, to which <paramref name="host"/> leads, is refused; null if it may be connected to.
    /// </summary>
    public string? Fault(string host, int port, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(address);
        string name = Canonical(host);
        if (InternalAddresses.KindOf(address) is not { } kind || _hosts.Contains(name) || _hosts.Contains($"{name}:{port}"))
        {
            return null;
        }

        IPAddress plain = InternalAddresses.Plain(address);
        return _networks.Any(n => n.Contains(plain))
            ? null
            : $"'{host}' leads to an address inside the network ({kind}). The operator may allow it by "
                + "Chard:Outgoing:AllowedHosts or AllowedNetworks.";
    }

    /// <summary>The failure for a refused URL or address.</summary>
    public static PermanentTaskException Refuse(string fault) => new(RefusedCode, fault);

    /// <summary>The host as it is resolved: ASCII form of an international name, without brackets and without the root's dot.</summary>
    public static string HostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Canonical(url.IdnHost);
    }

    private static string Canonical(string host) => host.Trim('[', ']').TrimEnd('.');

    private static string ParseHost(string entry) =>
        Uri.TryCreate($"https://{entry}", UriKind.Absolute, out Uri? uri)
            && uri is { PathAndQuery: "/", UserInfo.Length: 0, Fragment.Length: 0 }
            && !entry.EndsWith('/')
            ? uri.IsDefaultPort && !entry.EndsWith(":443", StringComparison.Ordinal) ? HostOf(uri) : $"{HostOf(uri)}:{uri.Port}"
            : throw new FormatException($"'{entry}' is not a host: write hooks.internal or hooks.internal:8443.");

    private static IPNetwork ParseNetwork(string entry) =>
        IPNetwork.TryParse(entry, out IPNetwork network)
            ? network
            : throw new FormatException($"'{entry}' is not a network: write it in CIDR notation such as 10.1.0.0/16.");
}
