using System.Text.Json;
using Chard.Domain.Tasks;
using Chard.Platform;
using Chard.Running;
using Chard.Starts;
using Chard.Functions.Outgoing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Newsletters;

/// <summary>Registers what sends newsletters.</summary>
public static class NewslettersSetup
{
    /// <summary>
    /// Adds the workflow <c>SendNewsletter</c> and what it needs, with settings <c>Chard:Mail</c> and <c>Chard:Newsletters</c>.
    /// Safe to call twice.
    /// </summary>
    public static ChardBuilder AddNewsletters(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        services.AddOutgoing();
        services.AddOptions<MailOptions>()
            .Configure<IConfiguration>(
                (options, configuration) => options.Folder = Path.Combine(configuration["LOCALHOST_DATA"] ?? ".chard", "outbox"))
            .BindConfiguration(MailOptions.Section)
            .Validate<IConfiguration>(
                (options, configuration) => !Cloud.IsAzure(configuration) || options.Smtp.Host is not null,
                $"{MailOptions.Section}:Smtp:Host is not set, and a folder of messages is deleted on Azure with the instance that it lies "
                    + "on: set it to a mail server.")
            .ValidateOnStart();
        services.AddOptions<NewsletterOptions>().BindConfiguration(NewsletterOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MailOptions>, MailOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NewsletterOptions>, MailOptionsValidator>());
        services.TryAddSingleton<NewsletterContents>();
        services.TryAddSingleton<PickupMailSender>();
        services.TryAddSingleton<SmtpMailSender>();
        services.TryAddSingleton<IMailSender>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.Smtp.Host is null
            ? provider.GetRequiredService<PickupMailSender>()
            : provider.GetRequiredService<SmtpMailSender>());
        return chard.AddWorkflow<SendNewsletterArgs>(
            nameof(SendNewsletterOrchestrator.SendNewsletter),
            [nameof(PrepareNewsletter), nameof(ReadRecipients), nameof(SendMessage)],
            SendNewsletterRules.Check,
            Input);
    }

    /// <summary>The newsletter is stored, its recipients being many; the pace is what is set now.</summary>
    private static WorkflowInputMaker<SendNewsletterArgs> Input(IServiceProvider services)
    {
        TaskValueStore values = services.GetRequiredService<TaskValueStore>();
        IOptions<NewsletterOptions> options = services.GetRequiredService<IOptions<NewsletterOptions>>();
        return async (start, newsletter, token) => new SendNewsletterInput(
            await values.CheckInAsync(
                start.Id, "args", JsonSerializer.SerializeToUtf8Bytes(newsletter, TaskJson.Options), token),
            options.Value.MessagesPerSecond);
    }
}
