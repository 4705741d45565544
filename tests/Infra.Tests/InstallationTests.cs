using System.Text.Json;
using Chard.Infra.Tests.Tools;

namespace Chard.Infra.Tests;

/// <summary>What an installation must be, whatever else changes about it: read from the committed snapshots.</summary>
public sealed class InstallationTests
{
    public static TheoryData<string> Sizes => ["dev", "prod"];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Storage_TakesIdentitiesAloneAndGivesBackWhatWasDeleted(string size)
    {
        JsonElement account = Only(size, "Microsoft.Storage/storageAccounts").GetProperty("properties");
        JsonElement blobs = Only(size, "Microsoft.Storage/storageAccounts/blobServices").GetProperty("properties");

        Assert.False(account.GetProperty("allowSharedKeyAccess").GetBoolean());
        Assert.False(account.GetProperty("allowBlobPublicAccess").GetBoolean());
        Assert.False(account.GetProperty("allowCrossTenantReplication").GetBoolean());
        Assert.Equal(7, blobs.GetProperty("deleteRetentionPolicy").GetProperty("days").GetInt32());
        Assert.Equal(7, blobs.GetProperty("containerDeleteRetentionPolicy").GetProperty("days").GetInt32());
    }

    /// <summary>The account's rules know nothing of use, so they come after everything that the app may still use.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lifecycle_ComesLongAfterRetention(string size)
    {
        Dictionary<string, int> days = Only(size, "Microsoft.Storage/storageAccounts/managementPolicies").GetProperty("properties")
            .GetProperty("policy").GetProperty("rules").EnumerateArray().ToDictionary(
                rule => rule.GetProperty("definition").GetProperty("filters").GetProperty("prefixMatch")[0].GetString()!,
                rule => rule.GetProperty("definition").GetProperty("actions").GetProperty("baseBlob").GetProperty("delete")
                    .GetProperty("daysAfterModificationGreaterThan").GetInt32());

        Assert.Equal(["chard-imports/", "chard-payloads/"], days.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(days["chard-imports/"], 90 + 30, int.MaxValue); // failed imports are kept for 90 days
        Assert.InRange(days["chard-payloads/"], 365 + 365 + 90, int.MaxValue); // put off, running, failed
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void App_RunsAsItsOwnIdentityAndIsUpdatedWithoutEndingWhatRuns(string size)
    {
        JsonElement app = Only(size, "Microsoft.Web/sites");
        JsonElement config = app.GetProperty("properties").GetProperty("functionAppConfig");

        Assert.Equal("FlexConsumption", Only(size, "Microsoft.Web/serverfarms").GetProperty("sku").GetProperty("tier").GetString());
        Assert.Equal("UserAssigned", app.GetProperty("identity").GetProperty("type").GetString());
        Assert.Equal("UserAssignedIdentity", config.GetProperty("deployment").GetProperty("storage").GetProperty("authentication")
            .GetProperty("type").GetString());
        Assert.Equal("dotnet-isolated", config.GetProperty("runtime").GetProperty("name").GetString());
        Assert.Equal("10.0", config.GetProperty("runtime").GetProperty("version").GetString());
        Assert.Equal("RollingUpdate", config.GetProperty("siteUpdateStrategy").GetProperty("type").GetString());
        Assert.True(app.GetProperty("properties").GetProperty("httpsOnly").GetBoolean());
        Assert.Equal("Disabled", app.GetProperty("properties").GetProperty("siteConfig").GetProperty("ftpsState").GetString());
        JsonElement[] publishing = Of(size, "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(2, publishing.Length);
        Assert.All(publishing, policy => Assert.False(policy.GetProperty("properties").GetProperty("allow").GetBoolean()));
    }

    /// <summary>Each role, once, and none that is larger.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Identity_HasFiveRolesAndNoOther(string size)
    {
        string[] roles = [.. Of(size, "Microsoft.Authorization/roleAssignments")
            .Select(role => role.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!.Split('/')[^1])];

        Assert.Equivalent(
            new[]
            {
                "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
                "974c5e8b-45b9-4653-ba55-5f855dd0fb88", // Storage Queue Data Contributor
                "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", // Storage Table Data Contributor
                "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
                "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
            },
            roles,
            strict: true);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Telemetry_TakesTokensAloneAndHasACap(string size)
    {
        JsonElement workspace = Only(size, "Microsoft.OperationalInsights/workspaces").GetProperty("properties");

        Assert.True(Only(size, "Microsoft.Insights/components").GetProperty("properties").GetProperty("DisableLocalAuth").GetBoolean());
        Assert.True(workspace.GetProperty("features").GetProperty("disableLocalAuth").GetBoolean());
        Assert.InRange(workspace.GetProperty("workspaceCapping").GetProperty("dailyQuotaGb").GetInt32(), 1, 100);
        Assert.Single(Of(size, "Microsoft.Insights/workbooks"));
        Assert.Single(Of(size, "Microsoft.Insights/webtests"));
        Assert.Single(Of(size, "Microsoft.Insights/actionGroups"));
    }

    /// <summary>No secret stands in a template or a snapshot: settings refer to the vault.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Secrets_AreInTheVaultAlone(string size)
    {
        string snapshot = File.ReadAllText(Path.Combine(Bicep.Folder, $"{size}.snapshot.json"));

        Assert.DoesNotContain(Bicep.Environment["CHARD_OPERATOR_KEY"], snapshot, StringComparison.Ordinal);
        Assert.DoesNotContain(Bicep.Environment["CHARD_SMTP_PASSWORD"], snapshot, StringComparison.Ordinal);
        Assert.Contains("@Microsoft.KeyVault(VaultName=", snapshot, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Database_KnowsNoPasswords(string size)
    {
        JsonElement server = Only(size, "Microsoft.DBforPostgreSQL/flexibleServers").GetProperty("properties");
        JsonElement authentication = server.GetProperty("authConfig");

        Assert.Equal("Disabled", authentication.GetProperty("passwordAuth").GetString());
        Assert.Equal("Enabled", authentication.GetProperty("activeDirectoryAuth").GetString());
    }

    [Fact]
    public void Prod_IsPrivateLockedKeptWarmAndAsksWhoCalls()
    {
        Assert.Equal(
            "Microsoft.App/environments",
            Only("prod", "Microsoft.Network/virtualNetworks").GetProperty("properties").GetProperty("subnets")[0].GetProperty("properties")
                .GetProperty("delegations")[0].GetProperty("properties").GetProperty("serviceName").GetString());
        Assert.Equivalent(
            new[] { "blob", "queue", "table", "vault", "postgresqlServer" },
            Of("prod", "Microsoft.Network/privateEndpoints").Select(endpoint => endpoint.GetProperty("properties")
                .GetProperty("privateLinkServiceConnections")[0].GetProperty("name").GetString()),
            strict: true);
        Assert.All(
            ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"],
            type => Assert.Equal("Disabled", Only("prod", type).GetProperty("properties").GetProperty("publicNetworkAccess").GetString()));
        JsonElement keep = Only("prod", "Microsoft.Authorization/locks").GetProperty("properties");
        Assert.Equal("CanNotDelete", keep.GetProperty("level").GetString());
        Assert.Single(Of("prod", "Microsoft.Consumption/budgets"));
        JsonElement signIn = Only("prod", "Microsoft.Web/sites/config").GetProperty("properties").GetProperty("globalValidation");
        Assert.Equal("Return401", signIn.GetProperty("unauthenticatedClientAction").GetString());
        Assert.Equal("/api/health", Assert.Single(signIn.GetProperty("excludedPaths").EnumerateArray()).GetString());
        Assert.Equal(
            ["durable", "http"],
            Only("prod", "Microsoft.Web/sites").GetProperty("properties").GetProperty("functionAppConfig")
                .GetProperty("scaleAndConcurrency").GetProperty("alwaysReady").EnumerateArray()
                .Select(group => group.GetProperty("name").GetString()));
    }

    private static JsonElement Only(string size, string type) => Assert.Single(Of(size, type));

    private static JsonElement[] Of(string size, string type) =>
        [.. Bicep.Snapshot(size).Where(resource => resource.GetProperty("type").GetString() == type)];
}
