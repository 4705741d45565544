using System.Globalization;
using Azure.Data.Tables.Sas;

namespace Chard.Emulator.Tables.Sas;

/// <summary>How the parts of a signature are written and read: letters in the service's order, times to the second in UTC.</summary>
internal static class SasText
{
    /// <summary>The version of the rules by which signatures are made.</summary>
    public const string Version = "2019-02-02";

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    public static string Of(TableSasPermissions permissions)
        => Letters(
            (permissions.HasFlag(TableSasPermissions.Read), 'r'),
            (permissions.HasFlag(TableSasPermissions.Add), 'a'),
            (permissions.HasFlag(TableSasPermissions.Update), 'u'),
            (permissions.HasFlag(TableSasPermissions.Delete), 'd'));

    public static string Of(TableAccountSasPermissions permissions)
        => Letters(
            (permissions.HasFlag(TableAccountSasPermissions.Read), 'r'),
            (permissions.HasFlag(TableAccountSasPermissions.Write), 'w'),
            (permissions.HasFlag(TableAccountSasPermissions.Delete), 'd'),
            (permissions.HasFlag(TableAccountSasPermissions.List), 'l'),
            (permissions.HasFlag(TableAccountSasPermissions.Add), 'a'),
            (permissions.HasFlag(TableAccountSasPermissions.Update), 'u'));

    public static string Of(TableAccountSasResourceTypes types)
        => Letters(
            (types.HasFlag(TableAccountSasResourceTypes.Service), 's'),
            (types.HasFlag(TableAccountSasResourceTypes.Container), 'c'),
            (types.HasFlag(TableAccountSasResourceTypes.Object), 'o'));

    public static string Of(TableSasProtocol protocol)
        => protocol switch
        {
            TableSasProtocol.Https => "https",
            TableSasProtocol.HttpsAndHttp => "https,http",
            _ => null,
        };

    public static string Of(DateTimeOffset time)
        => time == default ? string.Empty : time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static TableAccountSasResourceTypes ResourceTypes(string letters)
    {
        TableAccountSasResourceTypes types = default;
        foreach (var letter in letters)
        {
            types |= letter switch
            {
                's' => TableAccountSasResourceTypes.Service,
                'c' => TableAccountSasResourceTypes.Container,
                'o' => TableAccountSasResourceTypes.Object,
                _ => throw new FormatException($"'{letter}' is no resource type of a signature: it has s, c and o."),
            };
        }

        return types;
    }

    public static TableSasProtocol Protocol(string text)
        => text switch
        {
            null or "" => TableSasProtocol.None,
            "https" => TableSasProtocol.Https,
            "https,http" => TableSasProtocol.HttpsAndHttp,
            _ => throw new FormatException($"'{text}' is no protocol of a signature: it has 'https' or 'https,http'."),
        };

    public static DateTimeOffset Time(string text)
        => string.IsNullOrEmpty(text) ? default : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Letters(params ReadOnlySpan<(bool Has, char Letter)> letters)
    {
        Span<char> text = stackalloc char[letters.Length];
        var length = 0;
        foreach (var (has, letter) in letters)
        {
            if (has)
            {
                text[length++] = letter;
            }
        }

        return text[..length].ToString();
    }
}
