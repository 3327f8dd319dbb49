using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data.Entities;

namespace Portal.Server.Data;

/// <summary>
/// The one database. Taken from <see cref="IDbContextFactory{TContext}"/>, one short-lived context an operation: a circuit runs events
/// concurrently, and a context shared by them would break.
/// </summary>
internal sealed class PortalDb(DbContextOptions<PortalDb> options) : IdentityDbContext<PortalUser>(options)
{
    // NOCASE folds ASCII only; that is the same rule for uniqueness, search and order.
    private const string IgnoreCase = "NOCASE";

    public DbSet<RegionRow> Regions => Set<RegionRow>();

    public DbSet<MqttCluster> MqttClusters => Set<MqttCluster>();

    public DbSet<KafkaInstance> KafkaInstances => Set<KafkaInstance>();

    public DbSet<KafkaCheckRow> KafkaChecks => Set<KafkaCheckRow>();

    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<ConnectionCheckRow> ConnectionChecks => Set<ConnectionCheckRow>();

    public DbSet<ConnectorTask> ConnectorTasks => Set<ConnectorTask>();

    public DbSet<OwedSession> OwedSessions => Set<OwedSession>();

    public DbSet<TaskRun> TaskRuns => Set<TaskRun>();

    public DbSet<TaskEventRow> TaskEvents => Set<TaskEventRow>();

    public DbSet<OperationRow> Operations => Set<OperationRow>();

    public DbSet<OperationItemRow> OperationItems => Set<OperationItemRow>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<UserPreferencesRow> UserPreferences => Set<UserPreferencesRow>();

    public DbSet<RevisionRow> Revisions => Set<RevisionRow>();

    public DbSet<DraftRow> Drafts => Set<DraftRow>();

    public DbSet<MqttUser> MqttUsers => Set<MqttUser>();

    public DbSet<DeadLetterMark> DeadLetterMarks => Set<DeadLetterMark>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <summary>
    /// Marks a row as changed by a person who saw it at <paramref name="seen"/>: the save fails with
    /// <see cref="DbUpdateConcurrencyException"/> when somebody was faster.
    /// </summary>
    public void Revise(IRevised row, long seen)
    {
        Entry(row).Property(nameof(IRevised.Revision)).OriginalValue = seen;
        row.Revision = seen + 1;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMilliseconds>();
        configurationBuilder.Properties<TimeSpan>().HaveConversion<DurationMilliseconds>();
        // By name: several of our enums are ordered for the eye, and that order may change.
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        foreach (var type in builder.Model.GetEntityTypes().Where(type => typeof(IRevised).IsAssignableFrom(type.ClrType)))
        {
            builder.Entity(type.ClrType).Property(nameof(IRevised.Revision)).IsConcurrencyToken();
        }

        builder.Entity<RegionRow>().HasKey(region => region.Code);

        builder.Entity<MqttCluster>(cluster =>
        {
            cluster.Property(row => row.Name).UseCollation(IgnoreCase);
            cluster.HasIndex(row => row.Name).IsUnique();
            cluster.Property(row => row.MinimumTls).HasDefaultValue(MinimumTls.Tls12);
            cluster.Property(row => row.Endpoints)
                .HasConversion(new JsonColumn<IReadOnlyList<ClusterEndpoint>>(), new ContentComparer<ClusterEndpoint>());
            cluster.HasOne<RegionRow>().WithMany().HasForeignKey(row => row.Region).OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<KafkaInstance>(instance =>
        {
            instance.Property(row => row.Name).UseCollation(IgnoreCase);
            instance.HasIndex(row => row.Name).IsUnique();
            instance.HasOne<RegionRow>().WithMany().HasForeignKey(row => row.Region).OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<KafkaCheckRow>(check =>
        {
            check.HasIndex(row => new { row.KafkaInstanceId, row.Id });
            check.Property(row => row.Report).HasConversion(new JsonColumn<ValidationReport>());
            check.HasOne<KafkaInstance>().WithMany().HasForeignKey(row => row.KafkaInstanceId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<Connection>(connection =>
        {
            connection.Property(row => row.Name).UseCollation(IgnoreCase);
            connection.HasIndex(row => row.Name).IsUnique();
            connection.HasIndex(row => row.UpdatedAt);
            connection.HasOne(row => row.MqttCluster).WithMany().HasForeignKey(row => row.MqttClusterId).OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<ConnectionCheckRow>(check =>
        {
            check.HasIndex(row => new { row.ConnectionId, row.Id });
            check.Property(row => row.Report).HasConversion(new JsonColumn<ValidationReport>());
            check.HasOne<Connection>().WithMany().HasForeignKey(row => row.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<ConnectorTask>(task =>
        {
            task.Property(row => row.Name).UseCollation(IgnoreCase);
            task.HasIndex(row => row.Name).IsUnique();
            task.HasIndex(row => new { row.Asked, row.UpdatedAt });
            task.Property(row => row.Settings).HasConversion(new JsonColumn<ConnectorTaskDraft>());
            task.Property(row => row.FormerSettings!).HasConversion(new JsonColumn<ConnectorTaskDraft>());
            task.Property(row => row.StartedSettings!).HasConversion(new JsonColumn<ConnectorTaskDraft>());
            task.Property(row => row.StartedEndpoints!)
                .HasConversion(new JsonColumn<IReadOnlyList<ClusterEndpoint>>(), new ContentComparer<ClusterEndpoint>());
            task.HasOne(row => row.Connection).WithMany().HasForeignKey(row => row.ConnectionId).OnDelete(DeleteBehavior.Restrict);
            task.HasOne(row => row.KafkaInstance).WithMany().HasForeignKey(row => row.KafkaInstanceId).OnDelete(DeleteBehavior.Restrict);
        });

        builder.Entity<OwedSession>(owed =>
        {
            owed.HasIndex(row => row.TaskId);
            owed.Property(row => row.Settings).HasConversion(new JsonColumn<ConnectorTaskDraft>());
            owed.Property(row => row.Endpoints).HasConversion(new JsonColumn<IReadOnlyList<ClusterEndpoint>>(), new ContentComparer<ClusterEndpoint>());
            owed.HasOne<ConnectorTask>().WithMany().HasForeignKey(row => row.TaskId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<TaskRun>(run =>
        {
            run.HasIndex(row => row.RunId).IsUnique();
            run.HasIndex(row => new { row.TaskId, row.Id });
            run.HasOne<ConnectorTask>().WithMany().HasForeignKey(row => row.TaskId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<TaskEventRow>(line =>
        {
            line.HasIndex(row => new { row.TaskId, row.Id });
            line.HasIndex(row => new { row.TaskId, row.Severity, row.Id });
            line.HasOne<ConnectorTask>().WithMany().HasForeignKey(row => row.TaskId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<OperationRow>(operation =>
        {
            operation.HasIndex(row => row.State);
            operation.HasIndex(row => row.StartedAt);
            operation.HasIndex(row => row.SubjectId);
            operation.HasMany(row => row.Items).WithOne().HasForeignKey(row => row.OperationId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<AuditEntry>(entry =>
        {
            entry.HasIndex(row => row.At);
            entry.HasIndex(row => row.ObjectId);
        });

        builder.Entity<UserPreferencesRow>(row =>
        {
            row.HasKey(one => one.UserId);
            row.Property(one => one.Preferences).HasConversion(new JsonColumn<UserPreferences>());
            row.HasOne<PortalUser>().WithMany().HasForeignKey(one => one.UserId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<RevisionRow>().HasKey(row => new { row.ObjectId, row.Revision });

        builder.Entity<DraftRow>(draft =>
        {
            draft.HasIndex(row => new { row.OwnerId, row.Kind, row.SavedAt });
            draft.HasIndex(row => row.SavedAt);
            draft.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.OwnerId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<DeadLetterMark>(mark =>
        {
            mark.HasIndex(row => new { row.KafkaInstanceId, row.Topic, row.Partition, row.Offset, row.Timestamp }).IsUnique();
            mark.HasOne<KafkaInstance>().WithMany().HasForeignKey(row => row.KafkaInstanceId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<MqttUser>().HasKey(user => user.Name);
    }
}
