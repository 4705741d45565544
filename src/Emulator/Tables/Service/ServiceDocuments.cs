using System.Globalization;
using System.Xml.Linq;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Chard.Emulator.Tables.Service;

/// <summary>The XML documents of the service: properties, statistics, access policies. Rare and small, hence plain trees.</summary>
internal static class ServiceDocuments
{
    public static XDocument Write(TableServiceProperties properties)
        => new(new XElement(
            "StorageServiceProperties",
            properties.Logging is { } logging
                ? new XElement(
                    "Logging",
                    new XElement("Version", logging.Version),
                    new XElement("Delete", logging.Delete),
                    new XElement("Read", logging.Read),
                    new XElement("Write", logging.Write),
                    Write(logging.RetentionPolicy))
                : null,
            Write("HourMetrics", properties.HourMetrics),
            Write("MinuteMetrics", properties.MinuteMetrics),
            new XElement("Cors", properties.Cors.Select(rule => new XElement(
                "CorsRule",
                new XElement("AllowedOrigins", rule.AllowedOrigins),
                new XElement("AllowedMethods", rule.AllowedMethods),
                new XElement("AllowedHeaders", rule.AllowedHeaders),
                new XElement("ExposedHeaders", rule.ExposedHeaders),
                new XElement("MaxAgeInSeconds", rule.MaxAgeInSeconds))))));

    public static TableServiceProperties ReadProperties(XElement root)
        => new()
        {
            Logging = root.Element("Logging") is { } logging
                ? new TableAnalyticsLoggingSettings(
                    (string)logging.Element("Version"),
                    (bool)logging.Element("Delete"),
                    (bool)logging.Element("Read"),
                    (bool)logging.Element("Write"),
                    ReadRetention(logging.Element("RetentionPolicy")))
                : null,
            HourMetrics = ReadMetrics(root.Element("HourMetrics")),
            MinuteMetrics = ReadMetrics(root.Element("MinuteMetrics")),
            Cors = (root.Element("Cors")?.Elements("CorsRule") ?? []).Select(rule => new TableCorsRule(
                (string)rule.Element("AllowedOrigins"),
                (string)rule.Element("AllowedMethods"),
                (string)rule.Element("AllowedHeaders"),
                (string)rule.Element("ExposedHeaders"),
                (int?)rule.Element("MaxAgeInSeconds") ?? 0)).ToList(),
        };

    public static TableServiceStatistics ReadStatistics(XElement root)
        => new(root.Element("GeoReplication") is { } copy
            ? new TableGeoReplicationInfo(
                new TableGeoReplicationStatus((string)copy.Element("Status")),
                DateTimeOffset.TryParse((string)copy.Element("LastSyncTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default)
            : null);

    public static XDocument Write(IEnumerable<TableSignedIdentifier> policies)
        => new(new XElement("SignedIdentifiers", policies.Select(policy => new XElement(
            "SignedIdentifier",
            new XElement("Id", policy.Id),
            new XElement(
                "AccessPolicy",
                WriteTime("Start", policy.AccessPolicy?.StartsOn),
                WriteTime("Expiry", policy.AccessPolicy?.ExpiresOn),
                new XElement("Permission", policy.AccessPolicy?.Permission))))));

    public static IReadOnlyList<TableSignedIdentifier> ReadPolicies(XElement root)
        => root.Elements("SignedIdentifier").Select(policy => new TableSignedIdentifier(
            (string)policy.Element("Id"),
            policy.Element("AccessPolicy") is { } terms
                ? new TableAccessPolicy(ReadTime(terms.Element("Start")), ReadTime(terms.Element("Expiry")), (string)terms.Element("Permission"))
                : null)).ToList();

    private static XElement Write(string name, TableMetrics metrics)
        => metrics is null
            ? null
            : new XElement(
                name,
                new XElement("Version", metrics.Version ?? "1.0"),
                new XElement("Enabled", metrics.Enabled),
                metrics.IncludeApis is { } each ? new XElement("IncludeAPIs", each) : null,
                Write(metrics.RetentionPolicy));

    private static XElement Write(TableRetentionPolicy policy)
        => policy is null
            ? null
            : new XElement("RetentionPolicy", new XElement("Enabled", policy.Enabled), policy.Days is { } days ? new XElement("Days", days) : null);

    private static XElement WriteTime(string name, DateTimeOffset? time)
        => time is { } value ? new XElement(name, value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) : null;

    private static TableMetrics ReadMetrics(XElement metrics)
        => metrics is null
            ? null
            : new TableMetrics((bool)metrics.Element("Enabled"))
            {
                Version = (string)metrics.Element("Version"),
                IncludeApis = (bool?)metrics.Element("IncludeAPIs"),
                RetentionPolicy = ReadRetention(metrics.Element("RetentionPolicy")),
            };

    private static TableRetentionPolicy ReadRetention(XElement policy)
        => policy is null ? null : new TableRetentionPolicy((bool)policy.Element("Enabled")) { Days = (int?)policy.Element("Days") };

    private static DateTimeOffset? ReadTime(XElement time)
        => string.IsNullOrEmpty((string)time) ? null : DateTimeOffset.Parse((string)time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
