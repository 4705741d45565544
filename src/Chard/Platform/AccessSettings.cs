using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Chard.Platform;

/// <summary>
/// How callers are told apart, settings <c>Chard:Access</c>. Wrong ones stop the start with a sentence that names the key.
/// </summary>
public sealed class AccessSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Chard:Access";

    /// <summary>Fewest characters of a key: the platform makes longer ones.</summary>
    public const int MinKeyLength = 32;

    // The platform sets it where it authenticates callers itself. Only there is its header to be believed: elsewhere anybody may send it.
    private const string PlatformAuthentication = "WEBSITE_AUTH_ENABLED";

    // What the setting says where the platform cannot read the secret.
    private const string KeyVaultReference = "@Microsoft.KeyVault(";

    private readonly List<(Role Role, byte[] Hash)> _keys = [];

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="InvalidOperationException">They cannot be.</exception>
    public AccessSettings(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        IsEntra = string.Equals(configuration[PlatformAuthentication], "true", StringComparison.OrdinalIgnoreCase);
        IsRequired = section["Required"] switch
        {
            null or "" => Cloud.IsAzure(configuration),
            var text when bool.TryParse(text, out bool required) => required,
            var text => throw new InvalidOperationException($"{Section}:Required is '{text}'; it must be true or false."),
        };
        foreach (Role role in Enum.GetValues<Role>())
        {
            if (section[$"{role}Key"] is { Length: > 0 } key)
            {
                Add(role, key);
            }
        }
    }

    /// <summary>False where everybody may do everything: by default on one machine.</summary>
    public bool IsRequired { get; }

    /// <summary>True where the platform signs callers in by Entra and says who they are.</summary>
    public bool IsEntra { get; }

    /// <summary>False if nobody can have a role: there are no keys, and nobody is signed in.</summary>
    public bool CanAnybodyEnter => !IsRequired || IsEntra || _keys.Count > 0;

    /// <summary>The role of who shows a key; null if it is none of the three.</summary>
    public Role? RoleOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte[] hash = HashOf(key);
        Role? found = null;
        foreach ((Role role, byte[] known) in _keys)
        {
            // All of them, in the same time for each.
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? role : found;
        }

        return found;
    }

    private void Add(Role role, string key)
    {
        if (key.StartsWith(KeyVaultReference, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"{Section}:{role}Key is a reference to Key Vault that the platform could not resolve, and anybody could guess it: give "
                    + "the app's identity the role 'Key Vault Secrets User', and see that the secret exists.");
        }

        if (key.Length < MinKeyLength)
        {
            throw new InvalidOperationException(
                $"{Section}:{role}Key has {key.Length} characters; it must have {MinKeyLength} at least, at random.");
        }

        if (RoleOf(key) is { } other)
        {
            throw new InvalidOperationException($"{Section}:{role}Key is {Section}:{other}Key as well; each role has a key of its own.");
        }

        _keys.Add((role, HashOf(key)));
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
