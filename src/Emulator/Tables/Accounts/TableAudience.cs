using System.ComponentModel;

namespace Azure.Data.Tables;

/// <summary>The cloud whose tokens the service takes. Defaults to the public one.</summary>
public readonly struct TableAudience : IEquatable<TableAudience>
{
    private readonly string value;

    /// <param name="value">The audience of the tokens, as <c>https://storage.azure.com</c>.</param>
    public TableAudience(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        this.value = value;
    }

    public static TableAudience AzureChina { get; } = new("AzureChina");

    public static TableAudience AzureGovernment { get; } = new("AzureGov");

    public static TableAudience AzurePublicCloud { get; } = new("AzurePublic");

    public static bool operator ==(TableAudience left, TableAudience right) => left.Equals(right);

    public static bool operator !=(TableAudience left, TableAudience right) => !left.Equals(right);

    public static implicit operator TableAudience(string value) => new(value);

    public bool Equals(TableAudience other) => string.Equals(value, other.value, StringComparison.OrdinalIgnoreCase);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object obj) => obj is TableAudience other && Equals(other);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(value);

    public override string ToString() => value;

    /// <summary>The scope to ask a token for.</summary>
    internal string Scope
    {
        get
        {
            var audience = value switch
            {
                null or "AzurePublic" => "https://storage.azure.com",
                "AzureChina" => "https://storage.azure.cn",
                "AzureGov" => "https://storage.azure.us",
                _ => value.TrimEnd('/'),
            };
            return audience.EndsWith("/.default", StringComparison.OrdinalIgnoreCase) ? audience : $"{audience}/.default";
        }
    }
}
